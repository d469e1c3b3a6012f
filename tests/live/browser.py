"""A person at the running house, who also sees what a broken connection looks like."""

import requests

PASSWORD = "correct horse battery"
JSON = {"Accept": "application/json"}
SECONDS = 30


class Person:
    """Signed in through the form."""

    def __init__(self, base: str, email: str):
        self.base, self.session = base, requests.Session()
        self.session.trust_env = False
        self.session.get(f"{base}/account/login/", timeout=SECONDS)
        answer = self.post("/account/login/", login=email, password=PASSWORD)
        assert answer is not None, f"{email} got no answer"
        assert answer.status_code == 302, (
            f"{email} could not sign in: {answer.status_code} {answer.text[:900]!r}"
        )

    def get(self, path: str, **headers: str) -> requests.Response:
        """GETs a page without following it elsewhere."""
        return self.session.get(self.base + path, headers=headers, timeout=SECONDS, allow_redirects=False)

    def post(self, path: str, *, file: tuple[str, bytes] | None = None, script: bool = False, **data):
        """Sends a form, with a file, as a page's script does or as the browser does alone. None where the connection
        broke before an answer came."""
        headers = {"X-CSRFToken": self.session.cookies.get("csrftoken", ""), "Referer": self.base + path}
        files = {"file": file} if file else None
        try:
            return self.session.post(
                self.base + path,
                data=data,
                files=files,
                headers=headers | (JSON if script else {}),
                timeout=SECONDS,
                allow_redirects=False,
            )
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            return None
