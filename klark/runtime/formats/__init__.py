"""How dates and times look on a page: one way a country, with or without a time, in a list, a sentence or a form.

FORMAT_MODULE_PATH names this package; Django finds the module of the reader's language and country (klark.admin.reader).
https://docs.djangoproject.com/en/5.2/ref/settings/#format-module-path
"""
