"""Accounts are opened by invitation only."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAccountAdapter(DefaultAccountAdapter):
    """No public sign-up; an inactive person is told what a wrong password would tell."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
