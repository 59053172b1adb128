"""A support lead who works klark's queue over HTTP."""

import requests

from tests.faults.scene import Scene
from tests.faults.stage.ground import HOST, LOGIN
from tests.faults.verdicts import Case


class Lead:
    """Logs in at once."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.web = scene, f"http://{HOST}:{scene.ground.door.upstream}"
        self.session = requests.Session()
        page = self.session.get(f"{self.web}/admin/login/", timeout=20)
        told = {
            "username": LOGIN,
            "password": scene.ground.password,
            "csrfmiddlewaretoken": self.session.cookies["csrftoken"],
        }
        self.session.post(page.url, told, headers={"Referer": page.url}, timeout=20).raise_for_status()

    def press(self, case: Case, button: str) -> None:
        """Presses a button on the page of a ticket's last draft."""
        found = self.scene.rows.run(
            f"SELECT id, reply_text FROM klark_draft WHERE ticket_id = '{case.ticket}' ORDER BY id"
        )
        draft, text = found[-1]
        address = f"{self.web}/admin/klark/draft/{draft}/change/"
        told = {"press": button, "text": text, "why": "", "csrfmiddlewaretoken": self.session.cookies["csrftoken"]}
        self.session.post(address, told, headers={"Referer": address}, timeout=20).raise_for_status()
