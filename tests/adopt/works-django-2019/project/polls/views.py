from django.http import JsonResponse

from .models import Question


def index(request):
    return JsonResponse({"questions": [str(question) for question in Question.objects.all()]})
