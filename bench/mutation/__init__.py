"""Breaks this repository in many ways, one by one: what does `gitops check` see?"""
