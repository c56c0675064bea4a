"""Files in the forms of others: seizures as UNODC collects them, alerts of the Common Alerting Protocol; pure."""
