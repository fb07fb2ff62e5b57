"""A sample centre that the project makes itself: recordings and chats with their ground truth.

Nothing else of the project imports it but the tests.
"""
