#!/usr/bin/env python3
"""What an administrator would otherwise do: a script per key press that logs in to AMI, asks, and logs off.

recipe.py [--sleeps] PORT USER SECRET CONFERENCE NUMBER

Better than the usual one, to be fair: it reads the whole list and compares whole numbers. With --sleeps it waits a second
for each answer, as the usual one does.
"""
import socket
import sys
import time

sleeps = "--sleeps" in sys.argv
port, user, secret, conference, number = [a for a in sys.argv[1:] if a != "--sleeps"]
ami = socket.create_connection(("127.0.0.1", int(port)))
answers = ami.makefile("r", encoding="utf-8", newline="\r\n")
answers.readline()


def ask(action, last, **headers):
    lines = [f"Action: {action}", *(f"{name}: {value}" for name, value in headers.items())]
    ami.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
    if sleeps and action in ("Login", "ConfbridgeList"):
        time.sleep(1)
    messages = []
    while not messages or not last(messages[-1]):
        message = {}
        while (line := answers.readline().strip()) != "":
            name, _, value = line.partition(": ")
            message[name] = value
        messages.append(message)
    return messages


def responded(message):
    return "Response" in message


def listed(message):
    return message.get("Event") == "ConfbridgeListComplete" or message.get("Response") == "Error"


ask("Login", responded, Username=user, Secret=secret, Events="off")
for row in ask("ConfbridgeList", listed, Conference=conference):
    if row.get("CallerIDNum") == number:
        ask("ConfbridgeMute", responded, Conference=conference, Channel=row["Channel"])
ask("Logoff", responded)
