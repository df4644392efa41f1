from fastapi import FastAPI, HTTPException

app = FastAPI()
NOTES = {1: "milk", 2: "bread"}


@app.get("/notes/{number}")
def note(number: int) -> dict:
    if number not in NOTES:
        raise HTTPException(404)
    return {"number": number, "text": NOTES[number]}
