from builders import archive, folder  # noqa: F401
