import json, os, shutil, sqlite3
from datetime import date
from pathlib import Path
from tests.journeys.building import carry_out
from tests.journeys.declaring import confirm, declare, open_the_urn, read_the_notice, read_the_result
from tests.journeys.enrolling import import_the_roll
from tests.journeys.founding import PASSWORD, Team, found_the_platform
from tests.journeys.planning import CLOSES, OPENS, STARTS, plan_a_round
from tests.journeys.polling import come_again, come_early, come_late, hand_out, vote_at_ease, vote_briskly, vote_in_elder_mode
from tests.journeys.preparing import announce, appoint_a_monitor, print_cards
from tests.journeys.printed_cards import Card
from tests.journeys.proposing import collect_proposals
from tests.journeys.screening import SCREENING, make_the_list, screen_proposals
from tests.journeys.town import Town

PUBLICITY_OVER = date(2026, 12, 8)
CP = Path("/tmp/w/cp")
NAMES = {"worker": "limei", "secretary": "chenzhiyuan", "street": "zhoumin", "other": "wuqiang"}

def test_draft(town: Town, environ) -> None:
    var = Path(environ["VOTING_VAR"])
    done = int(os.environ.get("FROM", "0"))
    keep = {}
    def save(n):
        t = CP / str(n); shutil.rmtree(t, ignore_errors=True); t.mkdir(parents=True)
        for f in var.iterdir():
            if f.name in ("fonts", "pictures"): continue
            (shutil.copytree if f.is_dir() else shutil.copy)(f, t / f.name)
        (t / "keep.json").write_text(json.dumps(keep))
    team = None
    if done:
        src = CP / str(done)
        for f in src.iterdir():
            if f.name == "keep.json": continue
            d = var / f.name
            if f.is_dir(): shutil.copytree(f, d, dirs_exist_ok=True)
            else: shutil.copy(f, d)
        keep = json.loads((src / "keep.json").read_text())
        officers = {k: town.officer() for k in NAMES}
        con = sqlite3.connect(next(var.glob("*.sqlite3")))
        u = officers["worker"].url
        con.execute("update installation set public_url=?, scanned_url=?", (u, u)); con.commit(); con.close()
        for k, o in officers.items(): o.sign_in(NAMES[k], PASSWORD)
        team = Team(administrator=None, **officers)
    def s1():
        nonlocal team
        town.becomes(STARTS, 9)
        team = found_the_platform(town)
        plan_a_round(team)
    def s2():
        town.becomes(STARTS.replace(day=20), 10)
        team.worker.sign_in("limei", PASSWORD)
        keep["codes"] = collect_proposals(town, team)
    def s3():
        town.becomes(SCREENING, 9)
        screen_proposals(town, team, keep["codes"])
    def s4():
        make_the_list(town, team, keep["codes"])
    def s5():
        import_the_roll(team)
    def s6():
        town.becomes(date(2026, 11, 19), 9)
        announce(town, team)
        team.secretary.sign_in("chenzhiyuan", PASSWORD)
        appoint_a_monitor(town, team)
        team.worker.sign_in("limei", PASSWORD)
        cards = print_cards(team)
        keep["cards"] = [[c.url, c.short_code, c.check_code] for c in cards]
    def s7():
        cards = [Card(*c) for c in keep["cards"]]
        come_early(town, cards[0])
        town.becomes(OPENS, 10)
        hand_out(team)
        vote_at_ease(town, cards[0])
        vote_in_elder_mode(town, cards[1])
        vote_briskly(town, cards[2])
        come_again(town, cards[0])
        town.becomes(CLOSES, 17, 1)
        come_late(town, cards[3])
    def s8():
        open_the_urn(team)
        declare(team)
        read_the_notice(team)
        read_the_result(town)
    def s9():
        town.becomes(PUBLICITY_OVER, 10)
        confirm(team)
        carry_out(town, team)
    for n, s in enumerate((s1, s2, s3, s4, s5, s6, s7, s8, s9), 1):
        if n > done:
            s(); save(n)
