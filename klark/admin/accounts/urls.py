"""The addresses of allauth's pages below /admin/: those that klark uses. Signing up, changing one's e-mail address and linking
accounts of other sites have none."""

from allauth.account import views
from allauth.socialaccount.views import login_cancelled, login_error
from django.contrib import admin
from django.urls import include, path, re_path

from klark.admin.accounts.recorded_changes import change_password

urlpatterns = [
    path("login/", views.login, name="account_login"),  # in the place of the admin's own
    path("login/cancel/", views.logout, name="account_logout"),
    path("login/inactive/", views.account_inactive, name="account_inactive"),
    path("login/again/", views.reauthenticate, name="account_reauthenticate"),
    path(
        "password_change/", admin.site.admin_view(change_password, cacheable=True)
    ),  # as the admin's own, which links to it
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/sent/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/done/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("2fa/", include("allauth.mfa.urls")),
    path("", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("oidc/cancelled/", login_cancelled, name="socialaccount_login_cancelled"),
    path("oidc/error/", login_error, name="socialaccount_login_error"),
]
