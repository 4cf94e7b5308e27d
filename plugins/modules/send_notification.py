#!/usr/bin/python

# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

DOCUMENTATION = r"""
module: send_notification
short_description: Send a notification to Slack, Microsoft Teams or a webhook, or by mail
version_added: 1.0.0
author:
  - secops.fortiview contributors (@secops)
description:
  - Sends one notification to any number of channels. The format is Block Kit for Slack, an Adaptive Card for Microsoft
    Teams, JSON for a webhook, and text for mail. P(secops.fortiview.to_notification#filter) returns the same messages without
    sending them.
  - A notification that cannot be delivered does not fail the task. If a second attempt may succeed, the module tries
    once more. If the notification is still not delivered, the module adds a warning, and the entry of the channel in
    RV(notifications) has the reason.
  - Invalid options, such as an unknown channel, fail the task before anything is sent.
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying target.
    support: full
    details:
      - In check mode, no notification is sent.
  diff_mode:
    description: Returns what has changed, or would change, in diff mode.
    support: none
  idempotent:
    description: If the task runs twice in a row with the same options, the second run changes nothing.
    support: none
    details:
      - Each run sends the notification.
options:
  notification:
    description: The content of the notification.
    type: dict
    required: true
    suboptions:
      title:
        description: The event in one line. The title is truncated after 200 characters.
        type: str
        required: true
      level:
        description: Urgency of the notification. V(warning) and V(critical) are written before the title and have a
          color in Teams.
        type: str
        choices: [info, warning, critical]
        default: info
      text:
        description: A paragraph below the title, of at most 2000 characters.
        type: str
      facts:
        description: Counters and other values. The first three are in the subject of a mail. At most 20 facts are
          shown, with the number of omitted facts.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the value.
            type: str
            required: true
          value:
            description: The value.
            type: raw
            required: true
      rows:
        description:
          - Rows of a table. The first column is the subject of the row.
          - A message for Slack or Teams contains the first 20 rows, a mail the first 200 rows, and a webhook request the
            first 1000 rows. If the limit of the format is lower, the message contains fewer rows. It shows the number
            of omitted rows, as in C(and 12 more).
        type: list
        elements: dict
      link:
        description: URL with further details, which begins with C(https://) or C(http://). Other text is shown as
          plain text.
        type: str
      key:
        description: Identifier of the subject. A webhook request contains it, and mails with the same key form one
          thread.
        type: str
  channels:
    description: The channels that receive the notification.
    type: list
    elements: dict
    required: true
    suboptions:
      channel:
        description: Format of the channel.
        type: str
        choices: [slack, teams, webhook, mail]
        required: true
      url:
        description:
          - URL of the webhook, which begins with C(https://). For V(teams), set the URL of a workflow that posts a card
            when a webhook request is received. Required except with O(channels[].channel=mail).
          - The URL is a secret. Neither results nor messages contain it.
        type: str
      headers:
        description: Headers for O(channels[].channel=webhook), such as C(Authorization). Their values are secret.
        type: dict
      to:
        description: Addresses of the recipients. Required with O(channels[].channel=mail).
        type: list
        elements: str
      from:
        description: Address of the sender. Required with O(channels[].channel=mail).
        type: str
      server:
        description: SMTP server. Required with O(channels[].channel=mail).
        type: str
      port:
        description: Port of the SMTP server. The default is 587. It is 465 with O(channels[].encryption=tls), and 25 with
          O(channels[].encryption=none).
        type: int
      encryption:
        description: Encryption of the connection to the server. The default is V(starttls).
        type: str
        choices: [starttls, tls, none]
      username:
        description: User for the login to the SMTP server. Needs O(channels[].password).
        type: str
      password:
        description: Password of O(channels[].username). It is never sent without encryption.
        type: str
      validate_certs:
        description: Whether to verify the certificate of the receiver.
        type: bool
        default: true
      ca_path:
        description: PEM file with the CA certificates to trust. Without this option, the CA certificates of the system
          are used.
        type: path
  attachments:
    description: Files to attach to mails, at most 10 MB in total. The text of the mail names files that cannot be attached.
    type: list
    elements: path
    default: []
notes:
  - For URLs, the module uses the proxies in the environment variables E(HTTPS_PROXY) and E(NO_PROXY). It does not
    follow redirects.
  - Control characters and invisible characters are replaced by their code points, as in C([U+202E]).
seealso:
  - plugin: secops.fortiview.to_notification
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Notify the SOC
  secops.fortiview.send_notification:
    notification:
      title: 3 addresses blocked
      level: warning
      facts:
        - {name: Addresses, value: 3}
        - {name: FortiGates, value: 2}
      rows:
        - {address: 203.0.113.77, threat: SQL.Injection, incidents: 42}
      link: https://awx.example.com/#/jobs/playbook/42
    channels:
      - channel: slack
        url: "{{ slack_webhook_url }}"
      - channel: teams
        url: "{{ teams_workflow_url }}"

- name: Send a report by mail
  secops.fortiview.send_notification:
    notification:
      title: Threat report
      text: The report of last week is attached.
    channels:
      - channel: mail
        server: smtp.example.com
        from: soc@example.com
        to: [ciso@example.com]
        username: soc
        password: "{{ smtp_password }}"
    attachments: [/var/lib/soc/reports/report.pdf]
"""

RETURN = r"""
notifications:
  description:
    - One entry for each channel, in the order of O(channels), with C(channel), C(to), C(sent), C(attempts) and C(msg).
      C(to) is the host of the URL, or the recipients of the mail. C(msg) is the reason if the notification was not
      sent. The fact C(fortiview_notifications) contains the same entries.
  returned: success
  type: list
  elements: dict
  sample:
    - {channel: slack, to: hooks.slack.com, sent: true, attempts: 1, msg: ""}
    - {channel: webhook, to: events.example.com, sent: false, attempts: 2, msg: "HTTP 503. The notification was tried 2 times."}
"""

from ansible_collections.secops.fortiview.plugins.module_utils._oldest_python import check_python


def main():
    # type: () -> None
    check_python()
    from ansible_collections.secops.fortiview.plugins.module_utils._glue.notifying import run_notifying

    run_notifying()


if __name__ == "__main__":
    main()
