"""What building, deploying and testing share: pinned tools, the functions' programs, the page, the template.

Used by the scripts of `infra`, by the local cloud in `localstack` and by `tests`. Imports nothing from them.
"""
