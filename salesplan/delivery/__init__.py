"""The generated workbooks on their way to people: addresses, messages, drafts, SMTP, the WeCom
robot, and the outbox.

Nothing here knows a plan or a sheet: what is sent is what the manifest of a folder of reports says.
"""
