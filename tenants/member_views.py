"""An approver's page about the people of the own university. The rows live in public: see access.requires_outside."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import invitations
from accounts.forms import InviteForm
from accounts.models import Invitation
from tenants.access import requires_outside
from tenants.models import Membership
from tenants.operations import LastApprover, remove_member, send_invitation
from tenants.people import UNIVERSITY_ROLES, members_of, waiting_for


@requires_outside("people.manage")
def people(request: HttpRequest) -> HttpResponse:
    code = request.actor.university_code
    context = {"people": members_of(code), "waiting": waiting_for(code, now=timezone.now()), "code": code}
    return TemplateResponse(request, "tenants/people.html", context)


@requires_outside("people.manage")
def invite(request: HttpRequest) -> HttpResponse:
    code = request.actor.university_code
    form = InviteForm(request.POST or None, roles=[(r.value, r.label) for r in UNIVERSITY_ROLES])
    if request.method == "POST" and form.is_valid():
        invitation, token = invitations.invite(
            **form.cleaned_data, university_code=code, invited_by=request.user, now=timezone.now()
        )
        tell_sent(request, invitation, send_invitation(invitation, token))
        return redirect("tenants:people", code)
    return TemplateResponse(request, "tenants/invite.html", {"form": form, "code": code})


@require_POST
@requires_outside("people.manage")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    code = request.actor.university_code
    membership = get_object_or_404(Membership, pk=pk, university__code=code)
    try:
        remove_member(membership=membership, actor_id=request.user.pk)
    except LastApprover:
        messages.error(request, _("没有收回：这是本校唯一的审核人。先给另一个人审核人角色。"))
    return redirect("tenants:people", code)


@require_POST
@requires_outside("people.manage")
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    code = request.actor.university_code
    send_again(request, open_invitation(pk, university_code=code))
    return redirect("tenants:people", code)


@require_POST
@requires_outside("people.manage")
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    code = request.actor.university_code
    invitation = open_invitation(pk, university_code=code)
    invitations.revoke(invitation=invitation, actor_id=request.user.pk, now=timezone.now())
    return redirect("tenants:people", code)


def open_invitation(pk: int, **where) -> Invitation:
    """An unused invitation, also an expired one, else 404."""
    return get_object_or_404(Invitation, pk=pk, used_at=None, revoked_at=None, **where)


def send_again(request: HttpRequest, earlier: Invitation) -> None:
    """A new link in place of the earlier one, whose token nobody knows any more."""
    invitation, token = invitations.invite(
        email=earlier.email,
        name=earlier.name,
        role=earlier.role,
        university_code=earlier.university_code,
        committee_code=earlier.committee_code,
        invited_by=request.user,
        now=timezone.now(),
    )
    tell_sent(request, invitation, send_invitation(invitation, token))


def tell_sent(request: HttpRequest, invitation: Invitation, sent: bool) -> None:
    """Says whether the mail left."""
    if sent:
        messages.success(request, _("邀请已发到 %(email)s，七天内有效。") % {"email": invitation.email})
    else:
        messages.error(request, _("邀请已记下，但邮件没有发出去。过几分钟点“再发一次”。"))
