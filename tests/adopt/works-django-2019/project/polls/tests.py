from django.test import TestCase
from django.urls import reverse

from .models import Question


class IndexTests(TestCase):
    def test_no_questions(self):
        self.assertEqual(self.client.get(reverse("polls:index")).json(), {"questions": []})

    def test_one_question(self):
        Question.objects.create(question_text="Why?")
        self.assertEqual(self.client.get(reverse("polls:index")).json(), {"questions": ["Why?"]})
