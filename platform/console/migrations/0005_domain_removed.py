from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("console", "0004_applications"),
    ]

    operations = [
        migrations.AlterField(
            model_name="auditentry",
            name="action",
            field=models.CharField(
                choices=[
                    ("shop.suspended", "Shop suspended"),
                    ("shop.restored", "Shop restored"),
                    ("shop.closure_planned", "Shop's closure planned"),
                    ("shop.closure_cancelled", "Shop's closure taken back"),
                    ("shop.closing", "Shop closing"),
                    ("shop.reopened", "Shop reopened"),
                    ("shop.deleted", "Shop deleted"),
                    ("application.approved", "Application approved"),
                    ("application.returned", "More asked for"),
                    ("application.refused", "Application refused"),
                    ("shop.domain_removed", "Shop's domain removed"),
                    ("event.replayed", "Event replayed"),
                    ("payment.dismissed", "Payment dealt with"),
                    ("refund.retried", "Refund retried"),
                ],
                max_length=60,
            ),
        ),
    ]
