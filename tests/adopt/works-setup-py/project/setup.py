from setuptools import find_packages, setup

setup(
    name="shopfront",
    version="0.9.0",
    description="The front of the shop",
    author="Ada Example",
    author_email="ada@example.org",
    packages=find_packages(exclude=["tests"]),
    python_requires=">=3.8",
    install_requires=["Flask>=2.3"],
)
