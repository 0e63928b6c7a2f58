"""The providers by name and where each is reached; owns no wire format and opens no connection."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from pydantic import SecretStr

from moai.settings.checks import Problems, check_key, check_url, is_plain_http_elsewhere, shown
from moai.settings.environment import PROVIDER_PREFIX, Variables
from moai.settings.values import Endpoint

BUILT_IN = {
    "openai": "openai",
    "anthropic": "anthropic",
    "gemini": "gemini",
    "openrouter": "openai",
    "ollama": "openai",
    "demo": "demo",
}
WITHOUT_KEY = ("ollama", "demo")
PARTS = ("BASE_URL", "API_KEY")


@dataclass(frozen=True, slots=True)
class Providers:
    """Every provider that is known, by name, and the variable that lacks where one cannot be used."""

    endpoints: dict[str, Endpoint]
    missing_keys: dict[str, str]

    @property
    def usable(self) -> dict[str, Endpoint]:
        """Return those whose key is there or that need none."""
        return {name: endpoint for name, endpoint in self.endpoints.items() if name not in self.missing_keys}


def read_providers(variables: Variables, problems: Problems) -> Providers:
    """Return the built-in providers and those of `MOAI_PROVIDERS__…`."""
    built_in = {name: _built_in(name, variables, problems) for name in BUILT_IN}
    missing = {
        name: f"{name.upper()}_API_KEY"
        for name, endpoint in built_in.items()
        if endpoint.api_key is None and name not in WITHOUT_KEY
    }
    return Providers({**built_in, **_custom(variables, problems)}, missing)


def _built_in(name: str, variables: Variables, problems: Problems) -> Endpoint:
    if name == "demo":
        return Endpoint("demo", "", None)
    url_name, key_name = f"{name.upper()}_BASE_URL", f"{name.upper()}_API_KEY"
    key = "" if name in WITHOUT_KEY else check_key(key_name, variables.text(key_name), problems)
    url = check_url(url_name, variables.text(url_name), problems)
    return Endpoint(BUILT_IN[name], url, SecretStr(key) if key else None)


def _custom(variables: Variables, problems: Problems) -> dict[str, Endpoint]:
    found: dict[str, dict[str, str]] = {}
    for variable, value in sorted(variables.others.items()):
        if variable.startswith(PROVIDER_PREFIX):
            name, _, part = variable.removeprefix(PROVIDER_PREFIX).rpartition("__")
            fault = _fault_of(name.lower(), part)
            if fault:
                problems.append(f"{variable} {fault}.")
            else:
                found.setdefault(name, {})[part] = value.get_secret_value()
    return {name.lower(): _custom_endpoint(name, parts, problems) for name, parts in found.items()}


def _fault_of(name: str, part: str) -> str:
    if part not in PARTS:
        nearest = get_close_matches(part, PARTS, n=1, cutoff=0)[0]
        return f"has an unknown part: write {PROVIDER_PREFIX}{name.upper() or '<NAME>'}__{nearest}"
    if not re.fullmatch(r"[a-z0-9_.-]+", name):
        return f"names no provider: write {PROVIDER_PREFIX}<NAME>__{part}"
    if name in BUILT_IN:
        return f"would hide the built-in provider {name}: choose another name, or set {name.upper()}_{part}"
    return ""


def _custom_endpoint(name: str, parts: dict[str, str], problems: Problems) -> Endpoint:
    url_name, key_name = (f"{PROVIDER_PREFIX}{name}__{part}" for part in PARTS)
    key = check_key(key_name, parts.get("API_KEY", ""), problems)
    if "BASE_URL" not in parts:
        problems.append(f"{url_name} is not set, but {key_name} is: set both, or neither.")
        return Endpoint("openai", "", SecretStr(key))
    url = check_url(url_name, parts["BASE_URL"], problems)
    return Endpoint("openai", url, SecretStr(key) if key else None)


def why_unusable(provider: str, variable: str, providers: Providers) -> str:
    """Return why the provider that `variable` names cannot be used; empty where it can."""
    if provider in providers.missing_keys:
        return f"{providers.missing_keys[provider]} is not set, but {variable} names the provider {provider}: set it."
    if provider in providers.endpoints:
        return ""
    known = list(providers.endpoints)
    nearest = get_close_matches(provider, known, n=1, cutoff=0)[0]
    return (
        f"{variable} names the unknown provider {shown(provider)}: did you mean {nearest}? "
        f"The known ones are {', '.join(known)}."
    )


def warn_of_plain_http(name: str, url: str) -> tuple[str, ...]:
    """Return a warning where what is sent to `url` can be read on its way."""
    if not is_plain_http_elsewhere(url):
        return ()
    return (f"{name} is reached over plain http: keys and words can be read on the way; use https if you can.",)
