"""How should this network be cut across these workers, and why?"""
