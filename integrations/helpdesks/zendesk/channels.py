"""The channel that a ticket or comment came through, from Zendesk's "via".

https://developer.zendesk.com/documentation/ticketing/reference-guides/via-types/
"""

from collections.abc import Mapping
from typing import Any

from integrations.helpdesks.base import Channel
from integrations.helpdesks.untrusted_input import mapping, whole, words

# A via type is given as the manual's own word ("mail"), as the word of whatever made the ticket ("email"), or as a
# number.
TYPES: Mapping[Channel, str] = {
    "email": "connect_mail email mail",
    "web": "batch closed_ticket dropbox help_center helpcenter iphone lotus mobile mobile_sdk web web_form web_widget",
    "api": "api web_service",
    "phone": "api_phone_call_inbound api_phone_call_outbound api_voicemail phone phone_call_inbound "
    "phone_call_outbound voice voicemail",
    "chat": "apple_business_chat business_messaging_slack_connect chat chat_offline_message chat_transcript connect_sms "
    "google_business_messages google_rcs kakaotalk line mailgun messagebird_sms native_messaging sms "
    "sunshine_conversations_api sunshine_conversations_facebook_messenger sunshine_conversations_twitter_dm telegram "
    "text_message twilio_sms viber wechat whatsapp",
    "social": "any_channel facebook facebook_message facebook_post forum get_satisfaction instagram_dm topic twitter "
    "twitter_dm twitter_favorite twitter_like",
    "side_conversation": "side_conversation",
    "other": "rule sample_interactive_ticket sample_ticket system ticket_sharing",
}  # fmt: skip
CHANNELS: dict[str, Channel] = {word: channel for channel, listed in TYPES.items() for word in listed.split()}
NUMBERS: Mapping[int | None, str] = {
    0: "web_form", 4: "mail", 5: "web_service", 8: "rule", 15: "iphone", 17: "dropbox", 20: "batch",
    23: "twitter_favorite", 24: "topic", 26: "twitter_dm", 27: "closed_ticket", 29: "chat", 30: "twitter",
    31: "ticket_sharing", 33: "voicemail", 34: "phone_call_inbound", 35: "phone_call_outbound", 37: "text_message",
    38: "facebook_post",
}  # fmt: skip
# Comments that a rule or the product wrote: https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_comments/
_ROBOTS = frozenset({"automation", "rule", "system", "ticket_tagging", "trigger"})


def channel_of(raw: Mapping[str, Any]) -> Channel | None:
    """Returns the channel of a ticket; `None` for one that klark does not know. `from_messaging_channel` is set
    whatever the channel's name: people chat there in real time, and e-mails do not reach them."""
    return "chat" if raw.get("from_messaging_channel") is True else CHANNELS.get(_via(raw))


def by_machine(raw: Mapping[str, Any]) -> bool:
    """Returns whether a comment was written by a rule or the product itself. A call's comment counts as automatic,
    since an agent spoke with the customer; a voicemail is the customer's own."""
    return _via(raw) in _ROBOTS or (raw.get("type") == "VoiceComment" and _relation(raw) != "voicemail")


def _via(raw: Mapping[str, Any]) -> str:
    channel = mapping(raw.get("via")).get("channel")
    return NUMBERS.get(whole(channel)) or words(channel)


def _relation(raw: Mapping[str, Any]) -> str:
    return words(mapping(mapping(raw.get("via")).get("source")).get("rel"))
