"""The mail to a new member."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from studio.job_names import name_job
from studio.jobs import JobRefused, Run, job
from studio.members import MAIL
from studio.models import Membership, User

name_job(MAIL, gettext_lazy("Write to a new member"))


@job(MAIL)
def mail_invitation(run: Run, membership: int) -> None:
    """Tell a member of the role, in their language; who has no password yet gets the way to set one."""
    row = Membership.objects.select_related("user", "studio", "production").filter(pk=membership).first()
    if row is None:
        # Removed before the mail went out.
        return
    user = row.user
    if not user.email:
        raise JobRefused(_("This member has no e-mail address."))
    with translation.override(user.language or settings.LANGUAGE_CODE):
        new = not user.has_usable_password()
        body = render_to_string(
            "studio/invitation_mail.txt",
            {
                "member": row,
                "by": run.job.created_by,
                "new": new,
                "link": settings.SITE_URL + (password_path(user) if new else reverse("home")),
                "sign_in": settings.SITE_URL + settings.LOGIN_URL,
                "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
            },
        )
        subject = _("You are now in %(studio)s: %(role)s") % {"studio": row.studio, "role": row.get_role_display()}
    # A name with a line break would be read as another header.
    EmailMessage(" ".join(subject.split()), body, to=[user.email]).send()


def password_path(user: User) -> str:
    """Where this user sets a password; good once, for as long as any reset."""
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str

    return reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)},
    )
