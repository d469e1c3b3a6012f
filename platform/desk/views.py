"""The association's home: what waits, in one page."""

from accounts.access import assigned
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@assigned("staff", "secretary")
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/home.html")
