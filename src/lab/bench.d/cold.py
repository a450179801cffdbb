#!/usr/bin/env python3
"""Runs commands as cold processes, in turns: cold.py ROUNDS COMMAND ARG... ::: COMMAND ARG... ::: ...

Prints a line for each process: which command, from 0; nanoseconds of wall time; nanoseconds of CPU; its largest resident
memory in KiB. The first round is thrown away.
"""
import os
import sys
import time

rounds = int(sys.argv[1])
commands = [[]]
for word in sys.argv[2:]:
    if word == ":::":
        commands.append([])
    else:
        commands[-1].append(word)
nowhere = os.open(os.devnull, os.O_RDWR)
for turn in range(rounds + 1):
    for which, command in enumerate(commands):
        started = time.monotonic_ns()
        pid = os.posix_spawnp(
            command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, nowhere, fd) for fd in (0, 1)])
        _, status, usage = os.wait4(pid, 0)
        wall = time.monotonic_ns() - started
        if status != 0:
            sys.exit(f"{command} ended with {os.waitstatus_to_exitcode(status)}")
        if turn > 0:
            print(which, wall, int((usage.ru_utime + usage.ru_stime) * 1e9), usage.ru_maxrss)
