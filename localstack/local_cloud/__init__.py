"""The cloud on one machine: MiniStack, the very template that goes to AWS, and a front server for the page."""
