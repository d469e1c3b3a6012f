"""The style guide's pages and their invented figures."""

from django.shortcuts import render


def components(request):
    """Every component in every state, on one page."""
    return render(request, "ui/guide/components.html", {})
