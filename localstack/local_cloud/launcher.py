"""Runs MiniStack with two corrections. Only `cloud.py` starts it."""

import os
import signal
import socketserver
import threading
import time

# MiniStack's runtime API writes header and body in two packets. With Nagle's algorithm every call to a function would wait
# about 40 ms for the delayed acknowledgement.
socketserver.StreamRequestHandler.disable_nagle_algorithm = True


def stop_with(parent: int) -> None:
    """Stops this process when its parent has ended: otherwise it would keep its port and its memory after a killed owner."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


if os.environ.pop("LOCAL_CLOUD_LIFELINE", ""):
    threading.Thread(target=stop_with, args=(os.getppid(),), daemon=True).start()

from ministack.app import main  # the correction above must precede the import

main()
