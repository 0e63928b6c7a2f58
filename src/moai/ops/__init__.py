"""What whoever runs MoAI looks at and keeps: health, figures, backups; owns nothing that a chat sees."""
