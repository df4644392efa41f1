from fastapi import Depends, FastAPI

from app.store import entries

app = FastAPI()


@app.get("/entries/{name}")
def entry(name: str, collection=Depends(entries)):
    return collection.find_one({"name": name})
