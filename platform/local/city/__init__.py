"""The demo city: fictional universities with plausible energy figures, made by rule from a fixed seed."""
