from pymongo import MongoClient

from app.settings import Settings


def entries():
    client = MongoClient(Settings().mongo_url, connect=False)
    return client["ledger"]["entries"]
