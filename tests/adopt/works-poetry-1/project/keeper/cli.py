from keeper.app import NOTES


def main():
    for number, text in NOTES.items():
        print(number, text)
