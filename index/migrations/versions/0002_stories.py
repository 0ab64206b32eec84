"""Stories, signatures of texts, withdrawn articles, and what kind of change a change is."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # Columns are added one by one: copying the table, as a batch does, would empty what refers to
    # it. Articles of before have no signature; they get one with the next `add`.
    op.add_column(
        "articles", sa.Column("status", sa.Text, nullable=False, server_default=sa.text("'live'"))
    )
    op.add_column("articles", sa.Column("status_at", sa.Text))
    op.add_column("articles", sa.Column("story", sa.Integer))
    op.create_index("ix_articles_story", "articles", ["story"])
    op.drop_index("ix_articles_duplicates_of", "articles")
    op.create_index("ix_articles_standing", "articles", ["duplicates_of", "status", "story"])
    op.add_column("changes", sa.Column("kind", sa.Text))
    op.create_table(
        "stories",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("opened_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stories"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "signatures",
        sa.Column("article_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("minhash", sa.LargeBinary, nullable=False),
        sa.Column("terms", sa.LargeBinary, nullable=False),
        sa.Column("moment", sa.BigInteger),
        sa.PrimaryKeyConstraint("article_id", name="pk_signatures"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="fk_signatures_article_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_signatures_moment", "signatures", ["moment"])
    op.create_table(
        "bands",
        sa.Column("key", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("article_id", sa.Integer, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("key", "article_id", name="pk_bands"),
        sqlite_with_rowid=False,
    )
    # The indexes catch up, and stories are found, where there is a change they have not seen.
    op.execute("INSERT INTO changes (article_id) SELECT id FROM articles ORDER BY id DESC LIMIT 1")
