"""What is inspected: one call, chat, e-mail or ticket, whatever channel it came through."""
