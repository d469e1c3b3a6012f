"""The outbox of messages to people, and its channels."""
