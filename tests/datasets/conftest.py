from builders import archive, cache_dir, folder  # noqa: F401
