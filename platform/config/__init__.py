"""Composes the house: settings, URLs, the queue, the web application. Nobody imports it."""
