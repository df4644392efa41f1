from fastapi import FastAPI
from sqlalchemy import select

from guests.db import Base, Guest, Session, engine

app = FastAPI()
Base.metadata.create_all(engine)


@app.post("/guests/{name}", status_code=201)
async def sign(name: str) -> None:
    with Session.begin() as session:
        session.add(Guest(name=name))


@app.get("/guests")
async def guests() -> list[str]:
    with Session() as session:
        return list(session.scalars(select(Guest.name)))
