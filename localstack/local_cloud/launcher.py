"""Runs MiniStack with two corrections. Started by `cloud.py`, never by hand."""

import os
import signal
import socketserver
import threading
import time

# MiniStack's runtime API writes header and body apart; with Nagle's algorithm every call to a function waits
# for the delayed acknowledgement, about 40 ms.
socketserver.StreamRequestHandler.disable_nagle_algorithm = True


def stop_with(parent: int) -> None:
    """A cloud whose owner was killed must not stay behind: it would hold the port and its memory."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


if os.environ.pop("LOCAL_CLOUD_LIFELINE", ""):
    threading.Thread(target=stop_with, args=(os.getppid(),), daemon=True).start()

from ministack.app import main  # noqa: E402  the correction above must come before the import

main()
