#!/bin/bash
# SPDX-License-Identifier: MIT
# The last run as a picture.
. "${BASH_SOURCE[0]%/*}/../lib.sh"

# picture [EXPRESSION EXPECTED]…: of the bars, which are checked; of each its box, text and classes.
function picture {
	python3 - "$@" <<-'END' || fail "the picture is not as it should be"
		import sys
		import xml.etree.ElementTree as tree

		name = "{http://www.w3.org/2000/svg}"
		root = tree.parse("t.svg").getroot()
		width, height = float(root.get("width")), float(root.get("height"))
		assert root.get("viewBox") == f"0 0 {width:.0f} {height:.0f}"
		for part in root.iter():
		    assert part.tag in {name + tag for tag in ("svg", "title", "style", "path", "rect", "text", "g")}, part.tag
		    assert not any(key.startswith("on") or "href" in key for key in part.attrib)
		    if part.tag == name + "rect":
		        x, y, w, h = (float(part.get(key)) for key in ("x", "y", "width", "height"))
		        assert 0 <= x and x + w <= width and 0 <= y and y + h <= height and w >= 0, part.attrib
		bars = []
		for group in root.iter(name + "g"):
		    box, *waits = group.findall(name + "rect")
		    x, y, w, h = (float(box.get(key)) for key in ("x", "y", "width", "height"))
		    assert w >= 1
		    for wait in waits:
		        assert x - 0.2 <= float(wait.get("x"))
		        assert float(wait.get("x")) + float(wait.get("width")) <= x + w + 0.2
		        assert wait.get("y") == box.get("y") and float(wait.get("height")) <= h / 2
		    text = group.find(name + "text")
		    at, size = float(text.get("x")), 7.3 * len(text.text)
		    if text.get("class") == "right":
		        at -= size
		    assert 0 <= at and at + size <= width, text.text
		    assert y <= float(text.get("y")) <= y + h
		    bars.append((text.text.rsplit(" (", 1)[0], box.get("class"), [wait.get("class") for wait in waits], x, y, w))
		for above, below in zip(bars, bars[1:]):
		    assert below[4] >= above[4] + 14
		lines = [path.get("d") for path in root.iter(name + "path") if path.get("class") == "requires"]
		titles = [group.find(name + "title").text for group in root.iter(name + "g")]
		for code, expected in zip(sys.argv[1::2], sys.argv[2::2]):
		    got = str(eval(code))
		    assert got == expected, f"{code}: {got}, not {expected}"
	END
}

each_step_has_a_bar_with_its_name() {
	drop_in 10.ini <<-'END'
		[directory:first]
		path = first
		[exec:again]
		command = sh -c 'test -e again || { touch again; exit 75; }; sleep 0.2'
		retry_delay = 60ms
		requires = directory:first
		[directory:off]
		path = off
		enabled = no
		[exec:bad]
		command = sh -c 'echo "<b> & \"]]>"; exit 1'
		requires = exec:again
		order = 70
		[exec:never]
		command = true
		requires = exec:bad
		order = 80
	END
	status 111 gw --report r.json apply
	status 111 gw --report r.json --format svg status
	cp "$out" t.svg
	picture '[bar[:3] for bar in bars]' \
		"[('directory:first', 'made', []), ('directory:off', 'left-out', []), ('exec:again', 'made', ['retry']), ('exec:bad', 'failed', []), ('exec:never', 'not-run', [])]" \
		'bars[2][5] > 500' True 'len(lines)' 2 'bars[0][3] <= bars[2][3] <= bars[3][3]' True \
		'"<b> & \"]]>" in titles[3]' True '"requires exec:again" in titles[3]' True \
		'root.find(name + "title").text.startswith("the bootstrap failed in ")' True
}

# The label of a tick at the very end is whole, and what is required is named, services too.
no_text_is_beside_the_picture() {
	mkfifo ready
	printf '%s\n' '[directory:a]' 'path = a' '[directory:d]' 'path = d' "requires = directory:a file://$PWD/ready" |
		drop_in 10.ini
	status 0 gw --report r.json apply
	sed -i 's/"duration_ms":[0-9.]*,"groundwork"/"duration_ms":3000,"groundwork"/' r.json
	status 0 gw --report r.json --format svg status
	cp "$out" t.svg
	picture '[text.text for text in root.iter(name + "text") if text.text == "3.0s"]' "['3.0s']" \
		'[text.text for text in root.findall(name + "text") if
		float(text.get("x")) + (0 if text.get("class") == "right" else 7.3 * len(text.text)) > width]' '[]' \
		"'requires directory:a, file://$PWD/ready' in titles[1]" True
}

# Of many, those that ended last are drawn, and the same are named.
what_a_step_waited_for_last_is_drawn() {
	python3 - >r.json <<-'END'
		import json
		ends = [5, 12, 3, 9, 1, 11, 7, 2, 10, 4, 8, 6]
		steps = [{"id": f"exec:s{end}", "status": "success", "started_ms": 0, "duration_ms": end} for end in ends]
		requires = [step["id"] for step in steps]
		steps.append({"id": "exec:last", "status": "success", "started_ms": 20, "duration_ms": 1, "requires": requires})
		print(json.dumps({"version": 1, "status": "success", "steps": steps}))
	END
	status 111 gw --report r.json --format svg status # of no boot
	cp "$out" t.svg
	picture 'titles[-1].split("; requires ")[1]' \
		"$(printf 'exec:s%s, ' 12 11 10 9 8 7 6)exec:s5 and 4 more" \
		'len(lines)' 8 'len({line.split()[0] for line in lines})' 8 \
		'[bar[0] for line in lines for bar in bars if bar[4] <= float(line.split()[1]) < bar[4] + 14][::7]' \
		"['exec:s12', 'exec:s5']"
}

# How it ended is to be seen beside what it waited for.
what_failed_after_waiting_is_drawn_as_failed() {
	printf '%s\n' '[directory:d]' 'path = d' 'requires = file:///nowhere/x' 'timeout = 300ms' | drop_in 10.ini
	status 111 gw --report r.json apply
	status 111 gw --report r.json --format svg status
	cp "$out" t.svg
	picture '[bar[:3] for bar in bars]' "[('directory:d', 'failed', ['services'])]"
}

# steps COUNT: a report of so many.
function steps {
	python3 - "$1" <<-'END'
		import json, sys

		count = int(sys.argv[1])
		report = json.load(open("r.json"))
		report["duration_ms"] = count * 2.5
		report["steps"] = [{"id": f"exec:{'long' * 30}{number}" if number % 3 == 0 else f"exec:{number}",
		    "kind": "exec", "status": "success", "message": "x" * 100, "started_ms": number * 2.5,
		    "duration_ms": 2.4, "requires": [f"exec:{other}" for other in range(max(0, number - 50), number)],
		    "waits": [{"for": "lock", "started_ms": number * 2.5 + 1, "duration_ms": 1}]}
		    for number in range(count)]
		json.dump(report, open("r.json", "w"))
	END
}

it_is_fine_for_no_step_one_and_ten_thousand() {
	printf '[app]\ninit = no\n' | drop_in 10.ini
	status 0 gw --report r.json apply
	status 0 gw --report r.json --format svg status
	cp "$out" t.svg
	picture 'len(bars)' 0
	local count
	for count in 1 10000; do
		steps "$count"
		status 0 gw --report r.json --format svg status
		cp "$out" t.svg
		picture 'len(bars)' "$count" 'len(lines) <= 8 * len(bars)' True 'bars[-1][2]' "['lock']"
	done
	[[ $(stat -c %s t.svg) -lt 20000000 ]] || fail "it is too large"
}

# Whatever a report has: times that no run has, and characters that are in no XML.
what_no_run_has_is_no_obstacle() {
	cat >r.json <<-'END'
		{"version":1,"status":"success","duration_ms":-1,"steps":[
		{"id":"a\u0000b","status":"?","started_ms":1e300,"duration_ms":"x"},
		{"id":"\ufffe\uffff\u001b[2J\u202e","status":"success","started_ms":5,"duration_ms":1e9,"requires":["a"],
		"waits":[{"for":"lock","started_ms":0,"duration_ms":1e12},{"for":"?"}]}]}
	END
	status 111 gw --report r.json --format svg status
	python3 -c 'import sys, xml.etree.ElementTree as tree; tree.parse(sys.argv[1])' "$out"
	lacks "$out" $'\u202e'
}

# In a browser, each bar is where it should be and each text is drawn in the picture. Debian's
# chromium-headless-shell is large: `make images` installs it, and runs this test.
a_browser_draws_it() {
	local browser
	browser=$(command -v chromium-headless-shell || command -v chromium || command -v chromium-browser ||
		command -v google-chrome) || skip "no chromium here"
	printf '%s\n' '[directory:a]' 'path = a' '[exec:b]' 'command = sleep 0.1' | drop_in 10.ini
	status 0 gw --report r.json apply
	status 0 gw --report r.json --format svg status
	{
		echo '<!doctype html><body style="margin:0">'
		cat "$out"
		cat <<-'END'
			<script>
			const picture = document.querySelector("svg").getBoundingClientRect();
			const drawn = [...document.querySelectorAll("g.step")].map(step => {
				const bar = step.querySelector("rect").getBoundingClientRect();
				const text = step.querySelector("text");
				const box = text.getBoundingClientRect();
				const middle = (box.top + box.bottom) / 2;
				const inside = bar.width >= 1 && bar.height == 14 && text.getComputedTextLength() > 0 &&
					box.left >= picture.left && box.right <= picture.right &&
					middle > bar.top && middle < bar.bottom;
				return `${text.textContent.split(" ")[0]} inside=${inside}`;
			});
			document.title = drawn.join(", ");
			</script>
		END
	} >t.html
	status 0 "$browser" --headless --no-sandbox --disable-gpu --user-data-dir="$PWD/profile" \
		--dump-dom "file://$PWD/t.html"
	contains "$out" "<title>directory:a inside=true, exec:b inside=true</title>"
}
