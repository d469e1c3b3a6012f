"""The association's page about everyone: roles, invitations, closing and opening accounts. Staff only."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import invitations
from accounts import operations as accounts
from accounts.access import assigned
from accounts.models import Assignment, AssociationRole, User
from tenants.forms import DeskFilterForm, DeskInviteForm, GiveForm
from tenants.member_views import open_invitation, send_again, tell_sent
from tenants.models import Membership, University, UniversityRole
from tenants.operations import RolesExclude, add_member, assign, remove_member, send_invitation
from tenants.people import STAFF_GIVES, as_person, search_people, waiting_for

ROWS = 50
EXCLUDED = gettext_lazy("秘书处和市教委的人不能同时在学校任职：先收回另一边的角色。")


@assigned("staff")
def people(request: HttpRequest) -> HttpResponse:
    """Everyone, by name, with what they do; and the invitations that wait."""
    form = DeskFilterForm(request.GET)
    form.is_valid()
    page = Paginator(search_people(**form.filters()), ROWS).get_page(request.GET.get("page"))
    rows = [as_person(user) for user in page]
    context = {"form": form, "page": page, "people": rows, "waiting": waiting_for(None, now=timezone.now())}
    return render(request, "tenants/desk_people.html", context)


@assigned("staff")
def invite(request: HttpRequest) -> HttpResponse:
    form = DeskInviteForm(request.POST or None, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        invitation, token = invitations.invite(
            email=data["email"],
            name=data["name"],
            role=data["role"],
            university_code=data["university"],
            committee_code=data["committee_code"],
            invited_by=request.user,
            now=timezone.now(),
        )
        tell_sent(request, invitation, send_invitation(invitation, token))
        return redirect("people:list")
    return render(request, "tenants/desk_invite.html", {"form": form})


@require_POST
@assigned("staff")
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    send_again(request, open_invitation(pk))
    return redirect("people:list")


@require_POST
@assigned("staff")
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    invitations.revoke(invitation=open_invitation(pk), actor_id=request.user.pk, now=timezone.now())
    return redirect("people:list")


@assigned("staff")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: roles, to be taken and given, and the account's state."""
    return _person_page(request, _user(pk), GiveForm())


@require_POST
@assigned("staff")
def give(request: HttpRequest, pk: int) -> HttpResponse:
    user = _manageable(request, pk)
    form = GiveForm(request.POST)
    if not form.is_valid():
        return _person_page(request, user, form)
    try:
        _give(user, form.cleaned_data, request.user.pk)
    except RolesExclude:
        form.add_error("role", EXCLUDED)
        return _person_page(request, user, form)
    return redirect("people:person", pk)


@require_POST
@assigned("staff")
def take(request: HttpRequest, pk: int, post: int) -> HttpResponse:
    user = _manageable(request, pk)
    assignment = get_object_or_404(Assignment, pk=post, user=user, role__in=STAFF_GIVES)
    if user == request.user and assignment.role == AssociationRole.STAFF:
        messages.error(request, _("没有收回：自己的秘书处角色由同事来收回，免得没有人能再进来。"))
    else:
        accounts.unassign(assignment=assignment, actor_id=request.user.pk)
    return redirect("people:person", pk)


@require_POST
@assigned("staff")
def take_membership(request: HttpRequest, pk: int, post: int) -> HttpResponse:
    membership = get_object_or_404(Membership, pk=post, user=_manageable(request, pk))
    remove_member(membership=membership, actor_id=request.user.pk, last=True)
    return redirect("people:person", pk)


@require_POST
@assigned("staff")
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    user = _manageable(request, pk)
    if user == request.user:
        messages.error(request, _("没有停用：自己的账户由同事来停用。"))
    else:
        accounts.deactivate(user=user, actor_id=request.user.pk)
    return redirect("people:person", pk)


@require_POST
@assigned("staff")
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    accounts.reactivate(user=_manageable(request, pk), actor_id=request.user.pk)
    return redirect("people:person", pk)


def _give(user: User, data: dict, actor_id: int) -> None:
    if data["university"]:
        university = University.objects.get(code=data["university"])
        add_member(user=user, university=university, role=data["role"], actor_id=actor_id)
    else:
        assign(user=user, role=data["role"], committee_code=data["committee_code"], actor_id=actor_id)


@require_POST
@assigned("staff")
def reset_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    accounts.reset_second_factor(user=_manageable(request, pk), actor_id=request.user.pk)
    messages.success(request, _("原来的动态口令已作废，本人下次登录后重新设置。"))
    return redirect("people:person", pk)


def _user(pk: int) -> User:
    return get_object_or_404(search_people(), pk=pk)


def _manageable(request: HttpRequest, pk: int) -> User:
    """The person, unless an operator: only operators change each other, in /ops/."""
    user = _user(pk)
    if user.is_superuser and not request.user.is_superuser:
        raise PermissionDenied
    return user


def _person_page(request: HttpRequest, user: User, form: GiveForm) -> HttpResponse:
    context = {
        "someone": as_person(user),
        "form": form,
        "university_roles": UniversityRole.values,
        "given": [role.value for role in STAFF_GIVES],
        "manageable": request.user.is_superuser or not user.is_superuser,
        "is_me": user == request.user,
        "has_factor": Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists(),
    }
    return render(request, "tenants/desk_person.html", context)
