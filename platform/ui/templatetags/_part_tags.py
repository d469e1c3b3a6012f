"""Tags that render one component of the look each."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from ui import icons, states
from ui.formats import number, scale_for

register = template.Library()


@register.simple_tag
def icon(name, label=""):
    """`{% icon "upload" %}`: an inline icon, silent unless it has a label."""
    return icons.svg(name, label)


@register.simple_tag
def status(state, word=""):
    """`{% status "returned" %}`: shape and word of a state; a second argument replaces the word."""
    shape, text = states.shape_and_word(str(state), word)
    return format_html('<span class="hq-status is-{}">{}</span>', shape, text)


@register.simple_tag
def tag(text, kind=""):
    """`{% tag "3月31日截止" "warn" %}`: a short fact; kind is warn, bad, ok, info or nothing."""
    return format_html('<span class="hq-tag{}">{}</span>', f" is-{kind}" if kind else "", text)


@register.simple_tag
def count(amount, label=""):
    """`{% count 3 %}`: unread or waiting items; nothing at all when there are none."""
    if not amount:
        return ""
    spoken = format_html('<span class="visually-hidden"> {}</span>', label) if label else ""
    return format_html('<span class="hq-count">{}</span>{}', amount, spoken)


@register.simple_tag
def cell(place):
    """`{% cell "电力!C14" %}`: names a place in a workbook."""
    return format_html('<span class="hq-cell">{}</span>', place)


@register.simple_tag
def hash(value, short=False):
    """`{% hash sha256 %}`: in groups of four; short shows the ends only."""
    groups = [value[i : i + 4] for i in range(0, len(value or ""), 4)]
    text = " ".join([*groups[:2], "…", groups[-1]]) if short and len(groups) > 3 else " ".join(groups)
    return format_html('<span class="hq-hash">{}</span>', text)


@register.simple_block_tag
def capture(content):
    """`{% capture as name %}…{% endcapture %}`: markup to hand to another tag's argument."""
    return mark_safe(content.strip())  # rendered by the template, hence escaped already


@register.simple_block_tag
def callout(content, kind="info", title="", live=False):
    """`{% callout "warn" title="…" %}<p>…</p>{% endcallout %}`: a message for the page; live: announced."""
    heading = format_html("<strong>{}</strong>", title) if title else ""
    role = mark_safe(' role="alert"' if kind == "bad" else ' role="status"') if live else ""
    return format_html('<div class="hq-callout is-{}"{}>{}{}</div>', kind, role, heading, content)


@register.inclusion_tag("ui/parts/crumb.html")
def crumb(items):
    """`{% crumb crumbs %}`: pairs (label, address) from the top down; the last may have no address."""
    return {"items": [(item, "") if isinstance(item, str) else item for item in items or ()]}


@register.simple_block_tag
def page_head(content, title, crumbs=(), facts=""):
    """`{% page_head "标题" crumbs=c facts=f %}buttons{% endpage_head %}`: for pages without the blocks."""
    trail = template.loader.render_to_string("ui/parts/crumb.html", crumb(crumbs)) if crumbs else ""
    line = format_html("<p>{}</p>", facts) if facts else ""
    return format_html(
        '<div class="hq-head"><div>{}<h1>{}</h1>{}</div><div class="hq-acts">{}</div></div>',
        trail,
        title,
        line,
        mark_safe(content.strip()),
    )


@register.simple_block_tag
def stats(content, long=False):
    """`{% stats %}{% stat … %}{% stat … %}{% endstats %}`: 2–5 figures; long stacks them on phones."""
    return format_html('<dl class="hq-stats{}">{}</dl>', " is-long" if long else "", content)


@register.simple_tag
def stat(label, value, unit="", note="", dim=""):
    """`{% stat "人均用水量" v|number:1 unit="m³/人" note="上年 39.4，−2.0%" dim="口径不同" %}`."""
    unit = format_html("<i>{}</i>", unit) if unit else ""
    note = format_html("<dd>{}</dd>", note) if note else ""
    dim = format_html('<dd class="dimmer">{}</dd>', dim) if dim else ""
    return format_html(
        '<div class="hq-stat"><dt>{}</dt><dd><b>{}</b>{}</dd>{}{}</div>', label, value, unit, note, dim
    )


@register.simple_block_tag
def panel(content, title="", flush=False, note="", link="", link_label="", level=2):
    """`{% panel "填报状态" flush=True link=url link_label="全部" %}…{% endpanel %}`; flush for tables."""
    side = format_html('<a class="small" href="{}">{}</a>', link, link_label) if link else ""
    if note:
        side = format_html('<span class="small dim">{}</span>{}', note, side)
    level = int(level)
    head = format_html("<header><h{}>{}</h{}>{}</header>", level, title, level, side) if title else ""
    return format_html(
        '<section class="hq-panel{}">{}{}</section>', " is-flush" if flush else "", head, content
    )


@register.simple_block_tag
def problem(content, title, kind="bad", rule="", rule_url="", text="", acts="", level=3):
    """One rule and all its cells: `{% problem "…" rule="V02" text="…" %}{% table t %}<form>{% endproblem %}`.

    kind is bad (must be mended), warn (must be explained) or done; acts are buttons that mend all cells.
    """
    return template.loader.render_to_string(
        "ui/parts/problem.html",
        {
            "content": content,
            "title": title,
            "kind": kind,
            "rule": rule,
            "rule_url": rule_url,
            "text": text,
            "acts": acts,
            "level": int(level),
        },
    )


@register.simple_block_tag
def empty_state(content, title, text="", level=2):
    """`{% empty_state "还没有 2026 年的能源台账" text="…" %}one button{% endempty_state %}`."""
    level = int(level)
    heading = format_html('<h{} class="h3">{}</h{}>', level, title, level)
    line = format_html("<p>{}</p>", text) if text else ""
    acts = (
        format_html('<div class="hq-acts justify-content-center">{}</div>', content)
        if content.strip()
        else ""
    )
    return format_html('<div class="hq-empty">{}{}{}</div>', heading, line, acts)


@register.inclusion_tag("ui/parts/timeline.html")
def timeline(items):
    """`{% timeline events %}`: each has title, by, at (datetime or text), state: done, now or sealed."""
    return {"items": items}


@register.inclusion_tag("ui/parts/steps.html")
def steps(items):
    """`{% steps items %}`: five steps, each with title, lines (tuple), state: done, sealed, now or none."""
    return {"items": items}


@register.inclusion_tag("ui/parts/seal.html")
def seal(version, at, sha256, note="", verify_url=""):
    """`{% seal "v1" submission.sealed_at submission.sha256 note="因子 2025 版" verify_url=url %}`."""
    return {"version": version, "at": at, "sha256": sha256, "note": note, "verify_url": verify_url}


@register.inclusion_tag("ui/parts/pagination.html", takes_context=True)
def pagination(context, page, parameter="page"):
    """`{% pagination page_obj %}`: numbered pages that keep the other parameters of the address."""
    query = context["request"].GET.copy() if "request" in context else {}
    query.pop(parameter, None)
    before = query.urlencode() + "&" if query else ""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return {
        "page": page,
        "numbers": list(numbers),
        "before": f"?{before}{parameter}=",
        "dots": page.paginator.ELLIPSIS,
    }


@register.simple_block_tag
def confirm(content, label, effect, yes="", kind="danger", small=False):
    """A dangerous button that asks again, naming the effect; stands inside the form that does it. `kind` "calm" is for
    what harms nothing and only needs a word more: the same without red.

    `{% confirm "撤销本次上传" effect="草稿回到上传之前。" yes="撤销" %}extra fields{% endconfirm %}`
    """
    return template.loader.render_to_string(
        "ui/parts/confirm.html",
        {
            "content": content,
            "label": label,
            "effect": effect,
            "yes": yes or label,
            "kind": kind,
            "small": small,
        },
    )


@register.simple_tag
def scale(values, unit=""):
    """`{% scale values "kWh" as s %}`: one unit for a column; `{{ v|scaled:s|number:1 }}`, `{{ s.unit }}`."""
    return scale_for(values, unit)


@register.inclusion_tag("ui/parts/progress.html")
def progress(value=None, maximum=100, label="", text=""):
    """`{% progress 58 100 label="已完成 58%" text="58%" %}`: known progress; without a value it is queued."""
    return {
        "value": value,
        "maximum": maximum,
        "label": label,
        "text": text or (value is not None and number(value)),
    }


@register.inclusion_tag("ui/parts/job.html")
def job_progress(url, title, state="queued", value=None, maximum=100, step="", note="", stay=False):
    """`{% job_progress url "正在核对" %}`: follows a job and goes on when it is done (progress.js)."""
    return {
        "url": url,
        "title": title,
        "state": state,
        "value": value,
        "maximum": maximum,
        "step": step,
        "note": note,
        "stay": stay,
    }
