import sys

from notes.app import note


def main():
    print(note(int(sys.argv[1]))["text"])
