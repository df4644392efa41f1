from setuptools import setup

setup(name="shop-api", packages=["shop"])
