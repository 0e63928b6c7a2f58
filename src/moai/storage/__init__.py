"""The database: tables and one service per noun; SQLAlchemy lives here and nowhere else."""
