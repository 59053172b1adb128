"""What a lead may want to change, by what people do with drafts again and again: words around the answer, topics, articles.
Takes a tenant's reviewed drafts of a quarter; gives a short list, each with its evidence. Nothing is changed here.
Read `find` first, then `habits`.
"""
