"""``python -m workbook`` is the command ``nianbao``."""

from workbook.cli import main

if __name__ == "__main__":
    main(prog_name="nianbao")
