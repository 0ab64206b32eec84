"""What is said where the bot is asked inline, in any chat: `@bot question`. Pure.

Arabic only: Telegram gives the results of one reader to all who type the same.
"""

from __future__ import annotations

HINT = "اكتب سؤالك بعد اسمي"
HINT_MORE = "أعرض عليك اقتباسات من الأرشيف، فاختر ما ترسله منها."
HOW = "اكتب {name} ثم سؤالك في أي محادثة، أعرض عليك اقتباسات من الأرشيف بمصادرها وتواريخها."
"""What the hint sends when it is chosen. {name}: the bot's, as it is mentioned."""

IN_CONTEXT = "في سياقه"

# On the button above the results, which opens the chat with the bot.
ASK_HERE = "اسألني في محادثة خاصة"
NO_ANSWER = "لا أجد جوابًا في الأرشيف. افتح محادثتي"
BUSY = "أنا مشغول قليلًا. أعد الكتابة بعد لحظات"
