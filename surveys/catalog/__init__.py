"""Instruments, their frozen versions, rounds and obligations."""
