"""Every address of the house. Each has a row in tests/test_url_roles.py."""

from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from accounts.views import closed, to_sign_in
from config import views

handler500 = "config.troubles.server_error"

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("account/", include("accounts.urls")),
    path("me/", include("tenants.urls")),
    path("u/<slug:code>/", include("surveys.filings.urls")),
    path("u/<slug:code>/facilities/", include("tenants.facilities.urls")),
    path("u/<slug:code>/notices/", include("tenants.notice_urls")),
    path("u/<slug:code>/benchmarks/", include("surveys.benchmarks.university_urls")),
    # nothing else under a university: the site's catch-all below must not be asked there, it reads public tables
    re_path(r"^u/(?:[\w\-]+/)*$", closed),
    path("desk/", include("desk.urls")),
    path("desk/people/", include("tenants.desk_urls")),
    path("desk/review/", include("surveys.submissions.urls")),
    path("desk/instruments/", include("surveys.catalog.instrument_urls")),
    path("desk/rounds/", include("surveys.catalog.urls")),
    path("desk/releases/", include("surveys.benchmarks.desk_urls")),
    path("benchmarks/", include("surveys.benchmarks.urls")),
    path("instruments/", include("surveys.catalog.manual_urls")),
    path("verify/", include("surveys.submissions.verify_urls")),
    # before the editors' own pages, which know neither second factor nor limits
    path("ops/login/", to_sign_in),
    path("ops/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("ops/password_change/done/", closed),
    path("admin/login/", to_sign_in),
    path("_util/login/", to_sign_in),
    path("ops/", admin.site.urls),
    path("admin/", include(wagtailadmin_urls)),
]
if settings.IS_LOCAL:
    urlpatterns += [path("ui/", include("ui.urls"))]
    urlpatterns += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)
urlpatterns += [path("", include(wagtail_urls))]
