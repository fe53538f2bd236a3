"""Making messages: requests, answers, events and faults, with their headers and payloads."""
